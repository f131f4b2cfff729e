/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The least a program can do: the yardstick for starting up. */
int main(void)
{
    return 0;
}
