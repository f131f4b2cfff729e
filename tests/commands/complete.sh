#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion: what the program offers, and what a real bash makes of it.
# shellcheck disable=SC2086 # the programs are words: one may stand before
. "${srcdir:-.}/lib.sh"
top=$srcdir/../..

# offers WHAT LINES WORD...: the program offers just that.
offers() {
    offers_what=$1 offers_lines=$2
    shift 2
    run $XL_CONTEXT --complete "$@"
    is "$offers_what" "$(tr '\n' ' ' <out)" "$offers_lines"
    judge "and says nothing" 0
}
# among WHAT LINE WORD...: the program offers that, too.
among() {
    among_what=$1 among_line=$2
    shift 2
    run $XL_CONTEXT --complete "$@"
    ok "$among_what" grep -qxF -- "$among_line" out
}

# -- the program ----------------------------------------------------------
$XL_CONTEXT help | sed -n '/^verbs:/,/^$/s/^ \([a-z]*\) .*/\1/p' | sort >verbs
$XL_CONTEXT --complete '' | sort >offered
ok "each verb is offered, and nothing else" cmp verbs offered
offers "those that begin so" "diff diagnose " di
offers "in xl's way" "context-check " context-che
offers "what stands alone" "--help --version " -
offers "nothing after a word that is no verb" "" shwo ''
offers "nothing without a word" ""

# Every option of every verb, by its help; what takes an argument ends in "=".
bad=
while read -r verb; do
    [ "$verb" != explain ] || continue
    $XL_CONTEXT $verb --help |
        sed -n 's/^  ..\{0,3\} *--\([a-z0-9-]*=\{0,1\}\).*/--\1/p' | sort >wanted
    $XL_CONTEXT --complete $verb -- | sort >offered
    [ -s wanted ] && cmp -s wanted offered || bad="$bad $verb"
done <verbs
is "each verb's options are those of its help" "$bad" ""

among "a release" --target=4.17 check --target=4.1
among "the oldest release" --target=3.1 check --target=3
offers "words for a target" "--target=all :files " check --target=a
offers "of one release alone" ":files " fix --target=a
among "the value as a word of its own" 4.17 check --target 4.1
among "after a letter" json convert --from json
offers "formats" "--to=image " convert --to=i
offers "formats that do not begin so" "" convert --to=x
offers "when to colour" "always never auto " show --color ''
among "a record" --record=LAPIC_REGS show --record=LAPIC_
among "a record whatever the case" CPU show -r cp
among "a field" --field=rip show --field=ri
offers "a register once" "--field=ymm7_high " show --field=ymm7_
among "a register to set" CPU_XSAVE/1.zmm31= edit --set CPU_XSAVE/1.zmm3
offers "a field once" "--field=tsc_adjust " show --field=tsc_a
offers "fields of the record alone" "" show --record=PIT --field=rip
offers "after a record as a word of its own" "" show --record PIT --field rip
among "and of it" speaker_data_on show -r PIT --field speaker
among "the last of two" rip show --record=PIT -r CPU --field ri
offers "nothing behind a value that is to come" ":files " show --field rip ''
among "a record of an image" SHARED_INFO show --record SHARED
among "an option after a value that may be left out" --target= \
    check --json --ta
offers "a file after it" ":files " show --json ''
offers "which it has behind an equals sign" "--json=lines " show --json=
offers "what to cure" "--cure=upcall " diagnose --cure=
among "a field of a record to ignore" --ignore=CPU.rip diff --ignore=CPU.ri
offers "of that record alone" "" diff --ignore=rip,PIT.ri
among "a record to ignore" --ignore=rip,PIT diff --ignore=rip,PI
offers "or what moves" "moving " diff --ignore mov
among "of a list the last" --ignore=rip,rsp diff --ignore=rip,rs
among "a record to set" CPU/ edit --set CP
among "a field to set" CPU/1.rip= edit --set CPU/1.ri
offers "a field of another record" "" edit --set PIT/0.ri
among "a bit to set" --set=CPU/1.cr4+=UMIP edit --set=CPU/1.cr4+=UM
among "whatever the case" CPU/0.CR4-=UMIP edit --set CPU/0.CR4-=um
among "the last of several" 'CPU/0.cr4=PAE|PGE' edit --set 'CPU/0.cr4=PAE|PG'
among "the one that is cleared" 'CPU/0.cr4&=~UMIP' edit --set 'CPU/0.cr4&=~U'
among "of an element" 'IOAPIC/0.redirtbl[5].bits+=masked' \
    edit --set 'IOAPIC/0.redirtbl[5].bits+=mas'
offers "a bit of another field" "" edit --set CPU/0.cr0=UMI
offers "a field without words" "" edit --set CPU/0.rip=
offers "no field" "" edit --set CPU/0.cr=
offers "no record" "" edit --set CPX/0.cr4=U
among "an id" --explain=image-type-unknown check --explain=image-t
among "an id as an operand" image-type-unknown explain image-t
among "or a file" :files explain ''
offers "a domain" ":domains " save ''
offers "then a file" ":files " save web ''
offers "then no more" ":files " save web x ''
offers "options do not count" ":files " save -p web ''
offers "a value does not count" ":files " convert --to hvm ''
offers "a domain to show" ":domains " show --domain ''
among "both" :domains diagnose ''
among "both" :files diagnose ''
offers "symbols" ":files " diagnose --symbols=
offers "a verb" "host " help ho

# Whatever the cursor stands behind, the program ends well.
bad=
for word in -- -x --target --target= =x - '' --= --nothing=x \
    "$(printf 'a\377')"; do
    for before in check "check --target" "-v check" "edit --set" help xyz; do
        run $XL_CONTEXT --complete $before "$word"
        [ "$status" -eq 0 ] && [ ! -s err ] || bad="$bad $before+$word"
    done
done
is "odd words" "$bad" ""

# -- bash -----------------------------------------------------------------
if ! command -v bash >/dev/null; then
    skip "bash" "no bash here"
    done_testing
    exit
fi
# For bash to call: one word.
printf '#!/bin/sh\nexec %s "$@"\n' "$XL_CONTEXT" >xl-context
printf '#!/bin/sh\necho Name\necho guest1\necho web\n' >xl
chmod +x xl-context xl
mkdir files
: >files/some.save
: >files/a:b=c.save
: >"files/two words.save"

# by_bash LINE: what bash offers at the end of the line, its own breaks of
# words included.
by_bash() {
    PATH=$PWD:$PATH bash --norc -c '
        . "$1"
        line=$2
        COMP_WORDS=()
        # as readline breaks it: at blanks, and "=" and ":" are words
        for word in $line; do
            while [[ $word == *[=:]* ]]; do
                piece=${word%%[=:]*}
                [[ -z $piece ]] || COMP_WORDS+=("$piece")
                word=${word#"$piece"}
                COMP_WORDS+=("${word:0:1}")
                word=${word:1}
            done
            [[ -z $word ]] || COMP_WORDS+=("$word")
        done
        [[ $line != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line
        _xl_context
        printf "%s\n" "${COMPREPLY[@]}"' bash \
        "$top/completion/bash/xl-context" "$1" 2>err | sort | tr '\n' '|'
}
is "bash: verbs" "$(by_bash 'xl-context di')" "diagnose|diff|"
is "bash: options" "$(by_bash 'xl-context fix --al')" "--allow-loss|"
is "bash: behind an equals sign" "$(by_bash 'xl-context convert --to=i')" \
    "image|"
is "bash: right behind it" "$(by_bash 'xl-context show --color=')" \
    "always|auto|never|"
is "bash: an option with a value before" \
    "$(by_bash 'xl-context show --record=PIT --field=speaker')" \
    "speaker_data_on|"
is "bash: files" "$(by_bash 'xl-context show files/')" \
    "files/a:b=c.save|files/some.save|files/two words.save|"
is "bash: files behind an equals sign" \
    "$(by_bash 'xl-context check --target=files/s')" "files/some.save|"
is "bash: files behind a colon" \
    "$(by_bash 'xl-context show files/a:')" "b=c.save|"
is "bash: and more of the name" \
    "$(by_bash 'xl-context show files/a:b=c')" "c.save|"
is "bash: as a value" "$(by_bash 'xl-context check --target=files/a:b')" \
    "b=c.save|"
is "bash: domains" "$(by_bash 'xl-context save ')" "guest1|web|"
is "bash: domains that begin so" "$(by_bash 'xl-context show -d g')" "guest1|"
is "bash: and no words beside" "$(cat err)" ""
ok "bash: it is registered" bash --norc -c \
    ". '$top/completion/bash/xl-context'; complete -p xl-context"

if command -v zsh >/dev/null; then
    ok "zsh takes its function" zsh -n "$top/completion/zsh/_xl-context"
else
    skip "zsh takes its function" "no zsh here"
fi
done_testing
