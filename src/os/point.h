/* os/point.h - numbered points at which a test may kill this program.
 *
 * Stands before and after whatever changes the world outside: a commit, a write, a
 * rename, a spawn. Only builds with -Dcrash_points=true hold them. There each call
 * counts, per process and from 1:
 *   TIPOFF_CRASH_LOG=FILE  appends "N name\n" to FILE at each
 *   TIPOFF_CRASH_AT=N      SIGKILL to itself at the N-th, after logging it
 * `name` is a literal without blanks, "folder.act": "file.rename".                   */
#ifndef OS_POINT_H
#define OS_POINT_H

#ifdef TIPOFF_CRASH_POINTS
void crash_point(const char *name);
#else
static inline void crash_point(const char *name)
{
	(void)name;
}
#endif

#endif
