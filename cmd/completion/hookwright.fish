# SPDX-License-Identifier: Apache-2.0
# Completion of hookwright for fish. The program itself knows its words: cmd/complete.c.

function __hookwright_complete
    set -l current (commandline -ct)
    set -l words (commandline -opc) "$current"
    for line in (hookwright __complete $words[2..-1] 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$current"
            case ':dirs'
                __fish_complete_directories "$current"
            case ':engine'
                complete -C (string join -- ' ' $words[2..-1])
            case '*'
                string trim --right --chars=\t -- $line
        end
    end
end

complete -c hookwright -f -a '(__hookwright_complete)'
