# Completes the command lines of srouter in bash, from 3.2 on, which is what macOS has and where "source <(...)" reads nothing:
#   eval "$(srouter completion bash)"
_srouter() {
  local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" program="${COMP_WORDS[0]/#\~/$HOME}" word before="" answer
  COMPREPLY=()
  answer=($("$program" completion bash -- "$line" 2>/dev/null))
  # Where there are no words bash completes files, by "-o default".
  [[ "${answer[0]}" == words ]] || return 0
  if type compopt >/dev/null 2>&1; then compopt +o default; fi
  # readline takes = and : for the end of a word, and replaces only what is behind.
  word="${line##*[[:space:]]}"
  if [[ "$COMP_WORDBREAKS" == *=* && "$word" == *=* ]]; then before="${word%"${word##*=}"}"; fi
  if [[ "$COMP_WORDBREAKS" == *:* && "$word" == *:* ]]; then before="${word%"${word##*[=:]}"}"; fi
  for word in "${answer[@]:1}"; do
    COMPREPLY+=("${word#"$before"}")
  done
}
complete -o default -F _srouter srouter
