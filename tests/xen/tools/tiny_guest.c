/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tiny_guest HEX FILE: write a kernel of a few bytes for a PVH guest.
 *
 * The bytes are its whole program.  They run at 1 MiB in flat 32-bit
 * protected mode, without paging, without an IDT and with interrupts off, as
 * docs/misc/pvh.pandoc of Xen has it; so a guest can be had within a second
 * that does one thing only, and whose state is known to the byte.
 */
#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ENTRY 0x100000u
#define CODE_MAX 256
#define XEN_ELFNOTE_PHYS32_ENTRY 18

struct image {
    Elf32_Ehdr header;
    Elf32_Phdr program[2];
    struct {
        Elf32_Nhdr header;
        char name[4];
        uint32_t entry;
    } note;
    uint8_t code[CODE_MAX];
};

static int read_code(const char *hex, uint8_t code[CODE_MAX])
{
    size_t count = strlen(hex) / 2;

    if (count == 0 || count > CODE_MAX || strlen(hex) % 2 != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        unsigned int octet;

        if (sscanf(hex + 2 * i, "%2x", &octet) != 1)
            return -1;
        code[i] = (uint8_t)octet;
    }
    return 0;
}

static void lay_out(struct image *image)
{
    image->header = (Elf32_Ehdr){
        .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32,
                     ELFDATA2LSB, EV_CURRENT },
        .e_type = ET_EXEC,
        .e_machine = EM_386,
        .e_version = EV_CURRENT,
        .e_entry = ENTRY,
        .e_phoff = offsetof(struct image, program),
        .e_ehsize = sizeof(Elf32_Ehdr),
        .e_phentsize = sizeof(Elf32_Phdr),
        .e_phnum = 2,
        .e_shentsize = sizeof(Elf32_Shdr),
    };
    image->program[0] = (Elf32_Phdr){
        .p_type = PT_LOAD,
        .p_offset = offsetof(struct image, code),
        .p_vaddr = ENTRY, .p_paddr = ENTRY,
        .p_filesz = CODE_MAX, .p_memsz = 4096,
        .p_flags = PF_R | PF_W | PF_X,
        .p_align = 4,
    };
    image->program[1] = (Elf32_Phdr){
        .p_type = PT_NOTE,
        .p_offset = offsetof(struct image, note),
        .p_filesz = sizeof(image->note), .p_memsz = sizeof(image->note),
        .p_flags = PF_R,
        .p_align = 4,
    };
    image->note.header = (Elf32_Nhdr){ 4, sizeof(uint32_t),
                                       XEN_ELFNOTE_PHYS32_ENTRY };
    memcpy(image->note.name, "Xen", 4);
    image->note.entry = ENTRY;
}

int main(int argc, char **argv)
{
    static struct image image;
    FILE *file;

    if (argc != 3 || read_code(argv[1], image.code) < 0) {
        fputs("usage: tiny_guest HEX FILE\n", stderr);
        return 2;
    }
    lay_out(&image);
    file = fopen(argv[2], "wb");
    if (file == NULL || fwrite(&image, sizeof(image), 1, file) != 1 ||
        fclose(file) != 0) {
        perror(argv[2]);
        return 1;
    }
    return 0;
}
