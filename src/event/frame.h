/* event/frame.h - tries to make a rule name somebody who did nothing.
 *
 * A line that a rule reads is taken apart: what of it may be replaced by any word while
 * the rule still finds the same source is a field that a peer may choose, and so is what
 * the rule takes for the user name. No peer writes the head of a syslog line, nor the
 * words that the rule's [Samples] call the program's own. Each field is then put to
 * hostile use: the strings of event/hostile.h, parts of the very line and of other rules'
 * lines, all with an innocent's address in them. A host's name directly before its
 * address in brackets comes from the DNS and takes only what may stand there. The lines
 * so made are read by the rule alone and by all rules together.
 *
 * Framed is a line on which a source comes out, uncontested, that is not the true one.
 * Each line is read by itself, as the first of its log.                               */
#ifndef EVENT_FRAME_H
#define EVENT_FRAME_H

#include "event/matcher.h"

struct frame_tally {
	uint64_t samples; /* lines that the rule reads, of those given          */
	uint64_t fields; /* different ones that a peer may choose              */
	uint64_t lines; /* forged and tried: the sum of the next four         */
	uint64_t kept; /* name their true source                             */
	uint64_t contested, nothing; /* name nobody                          */
	uint64_t framed;
	uint64_t names, names_lost; /* odd but honest user names; of them, how many
				     * hide their source                        */
	/* The shortest line that frames (empty: none), which rule reads it, whom it names. */
	struct slice line, read_by, named;
};

struct framer;

/* `alone` holds the rule; `whole` all rules, or NULL. Both must outlive the framer. */
struct framer *framer_new(const struct rules *alone, const struct rules *whole,
			  const struct matcher_options *options);
void framer_free(struct framer *framer);

/* Whether the rule alone reads a source from the line. */
bool framer_reads(struct framer *framer, struct slice line);
/* Parts of the samples of all `rules`, "{}" for the address, to be tried on each other. */
void frame_parts(const struct rules *rules, const struct matcher_options *options,
		 struct arena *arena, struct slices *parts);
/* One line that the rule reads; any other only is not counted as a sample. */
void framer_try(struct framer *framer, struct slice line, const struct slices *parts);
/* Its slices live as long as the framer. */
struct frame_tally framer_tally(const struct framer *framer);

#endif
