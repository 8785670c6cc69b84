#compdef srouter
# Completes the command lines of srouter in zsh:
#   source <(srouter completion zsh)
# or, as a file with the name _srouter, in a folder of $fpath
_srouter() {
  local program=${(Q)words[1]}
  local -a answer
  answer=("${(@f)$(${~program} completion zsh -- "${(j: :)${(@)words[1,CURRENT-1]}} $PREFIX" 2>/dev/null)}")
  if [[ ${answer[1]} == files ]]; then
    compset -P '--*='
    _files
  elif (( ${#answer} > 1 )); then
    shift answer
    _describe -V srouter answer
  fi
}
if [[ ${funcstack[1]} == _srouter ]]; then
  _srouter "$@"
else
  compdef _srouter srouter
fi
