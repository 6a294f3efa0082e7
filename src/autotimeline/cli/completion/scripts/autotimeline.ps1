# Completion of autotimeline for PowerShell: `autotimeline completion powershell`
Register-ArgumentCompleter -Native -CommandName autotimeline, atl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $line = $commandAst.ToString()
    # The text leaves out spaces at its end.
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $line = $line.PadRight($length).Substring(0, $length)
    $program = $commandAst.GetCommandName()
    try {
        $env:_AUTOTIMELINE_COMPLETE = 'complete_powershell'
        $env:_TYPER_COMPLETE_ARGS = $line
        $env:_TYPER_COMPLETE_WORD_TO_COMPLETE = $wordToComplete
        $null | & $program 2>$null | ForEach-Object {
            $word, $help = $_ -split "`t", 2
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $help)
        }
    } finally {
        Remove-Item Env:_AUTOTIMELINE_COMPLETE, Env:_TYPER_COMPLETE_ARGS, Env:_TYPER_COMPLETE_WORD_TO_COMPLETE
    }
}
