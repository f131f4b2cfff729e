/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What people say of a guest that has moved.  Their words are not Xen's, so
 * each row of symptoms.def wants several of them, in any order.
 */
#include "explain/symptoms.h"

#include "base/chars.h"
#include "explain/other.h"
#include "explain/words.h"

#include <stdbool.h>
#include <string.h>

/* That a guest was saved, restored or migrated. */
#define MOVED "migrat|restor|resum|moved|moving|moves|move.|relocat|" \
              "unsuspend|came"
/* That it is about a guest of Xen; "windows" and "machine" may be others. */
#define NO_DOMAIN "guest|vm.|vms|domu|domus|hvm|virtual"
#define GUEST NO_DOMAIN "|domain|domains"
#define OF_XEN "xen|xl.|xenserver|xcp|libxl|dom0|domid|domu|domus|xapi|xc_"
#define XENS OF_XEN "|" GUEST "|vcpu|vcpus|hypervisor|toolstack|virsh|" \
             "libvirt|viridian|qemu|msr.|msrs|eoi|tsc|hpet|mtrr|mtrrs|" \
             "lapic|apic|sysenter|xsave|hvm_|xsm|gethvmc|sethvmc"
#define HANGS "hang|hangs|hung|freez|froz|stuck|stall|lock|locks|halt|" \
              "sleep|deadlock"
#define CRASHES "crash|panic|oops|triple|segfault|die.|dies|died|fault|" \
                "explode|bugcheck|reset|resets|kaputt|reboot"
#define CLOCK "clock|clocks|time.|date.|dates.|datetime|timestamp|times.|" \
              "clocksource|wallclock|walltime|systemtime"
#define NETWORK "network|networking|net.|nic|nics|vif|eth|eth0|lan|ip.|" \
                "internet|connectivity|dhcp|bridge|interface"
/* What a guest that is restored must never end. */
#define HOSTS "xen.|hypervisor|host.|dom0"
/* What does not come to an end; behind "after" it has. */
#define RESTORES "restore.|restores|restoring|restoration"
#define EMULATOR "qemu|qemu-dm|device-model|model|emulator|dm."

/* What XSM does. */
#define DENIES "deni|deny|refus|block|forbid|prevent|reject|disallow|avc"

/* What is about guests, too, but not of Xen, unless it says so. */
#define OTHERS "kvm|vmware|esxi|vsphere|vmotion|hyper-v|hyperv.|virtualbox|" \
               "vbox|proxmox|parallels|bhyve|docker|kubernetes|podman|lxc|" \
               "openvz|ldom|zone|zones|macos|macbook|imac|iphone|ipad|" \
               "android|itunes|icloud|timemachine|timeshift"

/* What a guest that was not moved does elsewhere: no page is about it. */
#define ELSEWHERE "boot|startup|install|create.|creates|creating|build|" \
                  "compil|wiki|git.|website|grub|console"

/* What every computer has, of which a guest's must be said to be one. */
#define OF_COMPUTERS "bios|uefi|firmware|cmos|laptop|notebook"

/* Where a domain is a name on the web. */
#define OF_NAMES "web.|website|websites|webserver|webmail|mail|email|dns|" \
                 "mx|cname|ssl|https|url|urls|hosting|hoster|wordpress|blog"

/* Whose domains are names or users, and where "windows" is no guest. */
static const char *const other_domains[] = {
    " domain controller", " active directory ", " ad domain ",
    " web domain", " domain trust", " windows domain", " windows update",
    " registrar", " registry ", " nameserver", " dnssec ", " whois ",
};

/* Names of two words that are none of a guest's, though each word is one that
 * people use of it. */
static const char *const other_names[] = {
    " time machine ", " system restore ", " restore point ",
    " factory reset ", " file history ", " session restore ",
    " volume shadow ", " restore session ",
};

static const struct symptom {
    const char *page, *words;
} symptoms[] = {
#define S(page, words) { page, words },
#include "explain/symptoms.def"
#undef S
};
#define SYMPTOMS (sizeof(symptoms) / sizeof(symptoms[0]))

/* Words that stand in any sentence, and say nothing of what it is about, as
 * all that end in "ly" do. */
static const char plain_words[] =
    "a|able|about|above|across|after|afternoon|afterwards|again|ago|all|"
    "almost|alone|already|also|although|always|am|amount|an|and|another|any|"
    "anymore|anything|appears|are|around|as|asked|at|attempt|attempts|awful|"
    "back|bad|bar|be|became|because|become|been|before|behind|being|believe|"
    "best|better|between|big|bit|both|box|bring|brought|but|by|called|came|"
    "can|case|cause|caused|causes|change|changed|changes|clear|come|comes|"
    "command|common|correct|could|couple|course|cpu|customer|customers|day|"
    "days|destination|did|different|do|does|doing|done|down|dozen|due|"
    "during|each|eight|either|else|enough|entire|error|errors|even|evening|"
    "event|ever|every|everything|example|experience|experiencing|explain|"
    "fact|fast|feels|few|fine|first|five|follow|following|for|forward|"
    "forwards|found|four|friday|from|general|get|gets|getting|given|gives|"
    "go|goes|going|good|got|had|happen|happened|happening|happens|hardware|"
    "has|have|having|hello|help|here|hi|host|hosts|hour|hours|how|however|"
    "huge|i|idea|if|im|in|inside|instance|instead|into|is|issue|issues|it|"
    "its|itself|ive|job|just|keep|keeps|kernel|kind|know|large|last|later|"
    "left|less|let|like|linux|little|live|local|log|logs|look|looks|lot|"
    "machine|made|main|make|makes|many|may|maybe|me|mean|means|memory|"
    "message|might|mine|minute|minutes|moment|monday|month|months|more|"
    "morning|most|much|must|my|myself|need|needed|needs|never|new|next|nice|"
    "night|nine|no|node|nodes|none|normal|not|nothing|noticed|now|number|of|"
    "off|often|okay|on|once|one|only|or|other|others|our|out|outage|outside|"
    "over|part|people|percent|performed|place|please|point|poor|possible|"
    "pretty|previous|problem|problems|processor|prod|production|put|"
    "question|quite|ran|random|rather|read|reason|receiver|remote|reported|"
    "result|results|right|run|running|runs|said|same|saturday|saw|say|says|"
    "screen|second|seconds|see|seeing|seem|seems|seen|sender|sent|server|"
    "servers|set|setup|seven|several|severe|should|show|shows|side|simple|"
    "snapshot|snapshots|"
    "since|single|situation|six|so|some|somebody|somehow|someone|something|"
    "sometimes|somewhere|soon|source|stand|started|starting|state|stay|"
    "stays|still|strange|such|sudden|sunday|super|sure|system|takes|target|"
    "ten|terrible|than|thank|thanks|that|the|their|them|then|there|these|"
    "they|thing|think|this|those|though|three|through|thursday|till|to|"
    "today|tonight|too|total|tried|true|try|trying|tuesday|turn|turned|"
    "twice|two|type|under|understand|until|unusual|up|us|user|users|using|"
    "usual|version|very|via|want|wants|was|way|we|wednesday|week|weeks|"
    "weird|well|went|were|what|whats|when|whenever|where|whether|which|"
    "while|who|whole|why|will|windows|with|within|without|word|work|working|"
    "works|worse|would|wrong|wtf|year|years|yesterday|yet|you|your|yours|"
    "zero";

/* ------------------------------------------------------------------ */
/* A text and a row                                                    */
/* ------------------------------------------------------------------ */

/* What a text is about, whatever it says of it. */
struct about {
    char plain[WORDS_ROOM];
    bool moved, xen, brief;
    bool foreign;   /* a word may say that it is about something else */
};

/* Whether a word of the first group stands before one of the second, with
 * nothing that says something between them. */
static bool adjoin(const char *plain, const char *first, const char *second)
{
    static const char little[] = "is.|was.|has.|had.|just.|then.|also.|"
                                 "always.|often.|itself.|got.|gets.";
    bool before = false;

    for (const char *p = plain; p[0] && p[1];) {
        size_t size = strcspn(p + 1, " ");
        const char *word = p + 1;

        p = word + size;
        if (before && word_is_one(word, size, second, strcspn(second, " ")))
            return true;
        if (!word_is_one(word, size, little, strlen(little)))
            before = word_is_one(word, size, first, strcspn(first, " "));
    }
    return false;
}

static bool holds(const struct about *about, const char *words,
                  size_t length)
{
    switch (*words) {
    case '~':
        return about->brief || about->moved || about->xen;
    case '+':
        return about->moved || about->xen;
    case '*':
        return about->moved;
    case '!':
        return !words_have(about->plain, words + 1, length - 1);
    default:
        return words_have(about->plain, words, length);
    }
}

/* How many words a row asks for, 0 when one of them is missing. */
static size_t fit(const struct symptom *symptom, const struct about *about)
{
    const char *words = symptom->words;
    size_t n = 0;

    while (*words) {
        size_t length = strcspn(words, " ");
        bool without = *words == '!';

        if (words[without] == '=') {
            const char *second = words + length + 1;

            if (adjoin(about->plain, words + without + 1, second) == without)
                return 0;
            length += 1 + strcspn(second, " ");
        } else if (!holds(about, words, length)) {
            return 0;
        }
        n += strchr("~!+", *words) ? 0 : 2;
        words += length;
        words += *words == ' ';
    }
    return n;
}

/* ------------------------------------------------------------------ */
/* The words that are known                                            */
/* ------------------------------------------------------------------ */

typedef const char *(*word_find)(const char *word, size_t size,
                                 const char *words, size_t length,
                                 size_t *head);

static const char *find_whole(const char *word, size_t size,
                              const char *words, size_t length, size_t *head)
{
    *head = size;
    return word_is_one(word, size, words, length) ? word : NULL;
}

/* In the words of all rows, and what they share. */
static const char *find_in_rows(word_find find, const char *word,
                                size_t size, size_t *head)
{
    const char *found = find(word, size, MOVED, strlen(MOVED), head);

    if (!found)
        found = find(word, size, XENS, strlen(XENS), head);
    for (size_t i = 0; i < SYMPTOMS && !found; i++)
        for (const char *words = symptoms[i].words; *words && !found;) {
            size_t length = strcspn(words, " "), mark = strspn(words, "!=");

            if (!strchr("~+*", *words))
                found = find(word, size, words + mark, length - mark, head);
            words += length;
            words += *words == ' ';
        }
    return found;
}

static bool is_plain(const char *word, size_t size)
{
    const char *p = plain_words;

    size -= size > 1 && word[size - 1] == ':';   /* "and then: nothing" */
    if (size == 1 && !char_is_name(*word))       /* a dash */
        return true;
    if (size > 4 && memcmp(word + size - 2, "ly", 2) == 0)
        return true;
    while ((p = memmem(p, strlen(p), word, size))) {
        if ((p == plain_words || p[-1] == '|') && strchr("|", p[size]))
            return true;
        p += size;
    }
    return char_is_digit(*word) || word_turned(word, size, plain_words);
}

/* "live-migration", "Windows-Uhr": the last word of a compound that is none of
 * itself, nor of another hypervisor ("Hyper-V-Worker"). */
static const char *behind_hyphen(const char *word, size_t *size,
                                 unsigned int tongues)
{
    const char *hyphen = memrchr(word, '-', *size), *last;
    size_t head, left;

    if (!hyphen || is_plain(word, *size) ||
        word_is_one(word, *size, OTHERS, strlen(OTHERS)) ||
        find_in_rows(find_whole, word, *size, &head))
        return word;
    left = *size - (size_t)(hyphen + 1 - word);
    last = left ? meaning_of(hyphen + 1, &left, tongues) : NULL;
    if (!last || !find_in_rows(find_whole, last, left, &head))
        return word;
    *size = left;
    return last;
}

/* A short word of a text in another language than English says nothing. */
static bool is_particle(size_t size, unsigned int tongues)
{
    return size <= 3 && (tongues & ~1u);
}

/* The words of the text, those with a slip in them as they were meant. */
static void mend_words(const char *text, struct about *about)
{
    char typed[WORDS_ROOM], spaced[WORDS_ROOM];
    unsigned int tongues;
    size_t n = 0;

    meanings_of(text, spaced, sizeof(spaced));
    about->brief = words_of(spaced, typed) <= 4;
    tongues = tongues_of(typed);
    for (const char *p = typed; p[0] && p[1];) {
        const char *word = p + 1, *meant;
        size_t size = strcspn(word, " "), length;

        p = word + size;
        if (size == 0)   /* nothing but apostrophes */
            continue;
        word = meaning_of(word, &size, tongues);
        meant = word = behind_hyphen(word, &size, tongues);
        length = size;
        if (!is_plain(word, size) &&
            !find_in_rows(find_whole, word, size, &length))
            meant = char_is_name(*word)
                        ? find_in_rows(word_slip, word, size, &length)
                        : NULL;
        about->foreign |= !meant && !is_particle(size, tongues);
        if (!meant) {
            meant = word;
            length = size;
        }
        if (n + length + 3 > WORDS_ROOM)
            break;
        about->plain[n++] = ' ';
        memcpy(about->plain + n, meant, length);
        n += length;
    }
    about->plain[n] = ' ';
    about->plain[n + 1] = '\0';
}

/* ------------------------------------------------------------------ */
/* All rows                                                            */
/* ------------------------------------------------------------------ */

/* What a guest's kernel begins its words with on its console, from where they
 * are typed. */
static bool is_of_console(const char *text, size_t length)
{
    static const char *const heads[] = {
        "clocksource:", "BUG:", "watchdog:", "INFO:",
    };

    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        if (strlen(heads[i]) == length &&
            memcmp(text, heads[i], length) == 0)
            return true;
    return false;
}

/* "03:04:05" or more of a time, as in "2024-01-02T03:04:05.123Z". */
static bool has_clock(const char *word, size_t length)
{
    static const char form[] = "dd:dd:dd";
    size_t size = sizeof(form) - 1;

    for (size_t at = 0; at + size <= length; at++) {
        size_t i = 0;

        while (i < size && (form[i] == 'd' ? char_is_digit(word[at + i])
                                           : word[at + i] == form[i]))
            i++;
        if (i == size)
            return true;
    }
    return false;
}

/* Whether a logger puts such a word in front of its lines: a time, but not
 * that of a sentence ("at 03:04:05 it hung"), "xl[12]:", "xenopsd-xc:", a
 * module in dots before "[-]", the colon of "error : ", or
 * "ERROR (XendDomain". */
static bool is_dress(const char *word, size_t length, const char *before)
{
    static const char of_sentence[] =
        "at.|At.|around|about|since|Since|from|until|till|by.|before|after";
    const char *next = word + length + strspn(word + length, " ");

    if (has_clock(word, length))
        return !before || !word_is_one(before, strcspn(before, " "),
                                       of_sentence, strlen(of_sentence));
    return (length > 2 && strncmp(word + length - 2, "]:", 2) == 0) ||
           (length == 1 && *word == ':') ||
           (*next == '[' && memchr(word, '.', length - 1)) ||
           (*next == '(' && length > 3 &&
            strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == length);
}

/* As many words as stand before what a logger is given: "Mon Jan  2 03:04:05
 * 2024". */
#define DRESS_WORDS 4

/* "kernel: ", "xl[12]: ", "(XEN) ", "  -p, --paused", "Jan  2 03:04:05 dom0
 * xl: ": a line of a log or of a manual, in words that are no person's. */
static bool is_log_line(const char *text)
{
    const char *before = NULL;
    size_t length;

    text += strspn(text, " ");
    length = strcspn(text, " ");
    if (length > 0 && strncmp(text, "(null)", 6) != 0 &&
        (text[length - 1] == ':' || *text == '(' || *text == '[' ||
         *text == '-') &&
        !is_of_console(text, length))
        return true;
    for (int i = 0; i < DRESS_WORDS && length > 0; i++) {
        if (is_dress(text, length, before))
            return true;
        before = text;
        text += length;
        text += strspn(text, " ");
        length = strcspn(text, " ");
    }
    return false;
}

static bool has_other_name(const char *plain)
{
    for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]); i++)
        if (strstr(plain, other_names[i]))
            return true;
    return false;
}

/* "restore of domain controller failed": no word but that one is of Xen.  A
 * name of the web is lost, or points elsewhere: only a guest hangs. */
static bool has_other_domain(const char *plain)
{
    static const char guest[] = OF_XEN "|" NO_DOMAIN;
    static const char fate[] = HANGS "|" CRASHES "|" CLOCK "|pause|slow";
    size_t n = sizeof(other_domains) / sizeof(other_domains[0]), i = 0;

    if (words_have(plain, guest, strlen(guest)))
        return false;
    while (i < n && !strstr(plain, other_domains[i]))
        i++;
    return i < n || (words_have(plain, OF_NAMES, strlen(OF_NAMES)) &&
                     !words_have(plain, fate, strlen(fate)));
}

/* Flask is a framework for web pages, too, which hangs and crashes; XSM's only
 * denies. */
static bool is_web_flask(const struct about *about)
{
    static const char denies[] = DENIES;

    return words_have(about->plain, "flask", 5) && !about->xen &&
           !words_have(about->plain, denies, strlen(denies));
}

/* Whether it is about what others than Xen have. */
static bool is_of_others(const struct about *about)
{
    const char *plain = about->plain;

    return (!about->xen &&
            (about->foreign ||
             words_have(plain, OF_COMPUTERS, strlen(OF_COMPUTERS)))) ||
           ((words_have(plain, OTHERS, strlen(OTHERS)) ||
             has_other_name(plain)) &&
            !words_have(plain, OF_XEN, strlen(OF_XEN))) ||
           has_other_domain(plain) || is_web_flask(about) ||
           (!about->moved && words_have(plain, ELSEWHERE, strlen(ELSEWHERE)));
}

bool symptom_is_of_xen(const char *text)
{
    char plain[WORDS_ROOM];

    if (strlen(text) >= WORDS_ROOM - 40)
        return false;
    words_of(text, plain);
    return words_have(plain, XENS, strlen(XENS));
}

/* In the order of how much of a row was said. */
static size_t insert(const char *pages[SYMPTOM_PAGES],
                     size_t fits[SYMPTOM_PAGES], size_t n, const char *page,
                     size_t fit)
{
    size_t at = n;

    while (at > 0 && fits[at - 1] < fit) {
        if (at < SYMPTOM_PAGES) {
            fits[at] = fits[at - 1];
            pages[at] = pages[at - 1];
        }
        at--;
    }
    if (at == SYMPTOM_PAGES)
        return n;
    fits[at] = fit;
    pages[at] = page;
    return n < SYMPTOM_PAGES ? n + 1 : n;
}

/* The most that is said of a page; 0 where it was counted at an earlier
 * row. */
static size_t fit_page(size_t row, const struct about *about)
{
    size_t best = 0;

    for (size_t i = 0; i < SYMPTOMS; i++) {
        size_t one;

        if (strcmp(symptoms[i].page, symptoms[row].page) != 0)
            continue;
        if (i < row)
            return 0;
        one = fit(&symptoms[i], about);
        best = one > best ? one : best;
    }
    return best;
}

size_t symptom_pages(const char *text, const char *pages[SYMPTOM_PAGES])
{
    size_t fits[SYMPTOM_PAGES] = { 0 }, n = 0;
    struct about about = { .foreign = false };

    if (strlen(text) >= WORDS_ROOM - 40 || is_log_line(text) ||
        is_of_other(text, strlen(text)))
        return 0;
    mend_words(text, &about);
    about.moved = words_have(about.plain, MOVED, strlen(MOVED));
    about.xen = words_have(about.plain, XENS, strlen(XENS));
    if (is_of_others(&about))
        return 0;
    for (size_t i = 0; i < SYMPTOMS; i++) {
        size_t one = fit_page(i, &about);

        if (one > 0)
            n = insert(pages, fits, n, symptoms[i].page, one);
    }
    return n;
}
