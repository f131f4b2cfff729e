/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded into xl-context: loads a context SLOW_SET seconds after it was
 * told to, so that what comes between fetching and loading surely comes.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xenctrl.h>

/* The library that calls is loaded for itself, so that its Xen library is
 * not behind this one for RTLD_NEXT. */
static void *real_of(const void *caller)
{
    Dl_info info;
    void *library;

    if (!dladdr(caller, &info))
        return NULL;
    library = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    return library ? dlsym(library, "xc_domain_hvm_setcontext") : NULL;
}

int xc_domain_hvm_setcontext(xc_interface *xch, uint32_t domid,
                             uint8_t *hvm_ctxt, uint32_t size)
{
    int (*real)(xc_interface *, uint32_t, uint8_t *, uint32_t);
    void *symbol = real_of(__builtin_return_address(0));
    const char *seconds = getenv("SLOW_SET");

    if (!symbol)
        abort();
    memcpy(&real, &symbol, sizeof(real));
    sleep(seconds ? (unsigned int)atoi(seconds) : 0);
    return real(xch, domid, hvm_ctxt, size);
}
