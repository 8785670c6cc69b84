# Completes the command lines of srouter in fish, from 3.0 on:
#   srouter completion fish | source
function __srouter_complete
    set -l program (commandline -opc | string replace -r '^~' $HOME)[1]
    set -l answer ($program completion fish -- (commandline -cp) 2>/dev/null)
    if test "$answer[1]" != files
        printf '%s\n' $answer[2..-1]
        return
    end
    set -l token (commandline -ct)
    set -l flag (string match -r -- '^--[^=]+=' $token)
    for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' $token))
        echo -- "$flag"$path
    end
end
complete -c srouter -f -k -a '(__srouter_complete)'
