/* SPDX-License-Identifier: Apache-2.0 */
/* The program of the demo, and with -DLIBRARY the library that it needs. */
#include <stdio.h>

const char *greeting(void);

#ifdef LIBRARY
const char *greeting(void)
{
	return "hello from a library that was mounted at run time";
}
#else
int main(void)
{
	return puts(greeting()) < 0;
}
#endif
