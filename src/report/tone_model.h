/* report/tone_model.h - how hostile words sound: a linear model over their features.
 *
 * A feature is a short text: a word, two that stand beside each other, a class of words, a
 * shape that fitted (tone.c makes them). Each has a weight, in data/tone/weights.txt, which
 * `tools/tone-train` learns from the sentences beside it. What was not learned weighs
 * nothing. A passage's score is the bias and the sum of the weights over the square root of
 * their number; the logistic function of it would be a probability, which the sentences
 * learned from do not bear out for those of other people: it is only compared with 0.     */
#ifndef REPORT_TONE_MODEL_H
#define REPORT_TONE_MODEL_H

#include "base/arena.h"

extern const char tone_weights[];
extern const size_t tone_weights_bytes;

enum { TONE_WEIGHT_ONE = 100 }; /* weights are whole hundredths                       */

struct tone_model;
/* Of the weights that are embedded; borrows from `arena`. */
struct tone_model *tone_model_new(struct arena *arena);
int tone_model_weight(const struct tone_model *model, struct slice feature);

struct tone_sum {
	int64_t weight;
	size_t features;
};
/* Above 0: rather hostile. Hundredths. */
int64_t tone_model_score(const struct tone_model *model, const struct tone_sum *sum);

#endif
