#compdef autotimeline atl
# Completion of autotimeline for zsh: `autotimeline completion zsh`
_autotimeline() {
    local answer line word
    local -a closed open
    answer=$(
        _AUTOTIMELINE_COMPLETE=complete_zsh \
        _TYPER_COMPLETE_ARGS="${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" \
        ${~words[1]} </dev/null 2>/dev/null
    )
    case $? in
        0) ;;
        10) _files; return ;;
        *) return 1 ;;
    esac
    for line in "${(@f)answer}"; do
        word=${line%%$'\t'*}
        [[ -n $word ]] || continue
        # _describe parts a word from its help at the first colon.
        line="${${word//\\/\\\\}//:/\\:}:${line#*$'\t'}"
        if [[ $word == *[:@/] ]]; then open+=("$line"); else closed+=("$line"); fi
    done
    _describe -V -t words word closed -- open -S ''
}
if [[ $funcstack[1] == _autotimeline ]]; then
    _autotimeline "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _autotimeline autotimeline atl
fi
