# Completion of autotimeline for bash: `autotimeline completion bash`
_autotimeline() {
    local answer line
    COMPREPLY=()
    # The line as it is typed: COMP_WORDS is cut at colons. $2 is what bash replaces.
    answer=$(
        _AUTOTIMELINE_COMPLETE=complete_bash \
        _TYPER_COMPLETE_ARGS=${COMP_LINE:0:COMP_POINT} \
        _TYPER_COMPLETE_WORD_TO_COMPLETE=$2 \
        "${1/#\~\//$HOME/}" </dev/null 2>/dev/null
    )
    case $? in
        0)
            while IFS= read -r line; do
                [[ -n $line ]] && COMPREPLY+=("$line")
            done <<<"$answer"
            ;;
        10) compopt -o default +o nospace 2>/dev/null ;;
    esac
    return 0
}
# The answers end in the spaces that are wanted.
complete -o nospace -F _autotimeline autotimeline atl
