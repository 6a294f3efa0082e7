# Completion of autotimeline for fish: `autotimeline completion fish`
function __autotimeline_complete
    # Words before the program, as in `NAME=value atl`, do not belong to it.
    set -l program (commandline -opc | string match -rv '^\w+=')[1]
    set -l answer (
        env _AUTOTIMELINE_COMPLETE=complete_fish _TYPER_COMPLETE_ARGS=(commandline -cp | string collect) \
            $program </dev/null 2>/dev/null
    )
    if test $status -eq 10
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $answer
    end
end
complete -c autotimeline -k -f -a '(__autotimeline_complete)'
complete -c atl -k -f -a '(__autotimeline_complete)'
