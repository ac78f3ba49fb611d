/**
 * One engine in one process: what is written and read, how it is timed, and the proof that every answer was right.
 *
 * <p>A {@link io.tidemark.bench.trial.Trial} is one group of rows in one directory. Keys have 16 bytes, values compress to
 * about half; both are functions of an index and a seed, so that every answer can be checked without a second copy of the
 * data: the first and last eight bytes of each value that is read, the whole of every 64th, order and number of rows of
 * each scan. A wrong answer ends the trial.
 *
 * <p>The loops make no garbage of their own. Figures go to a {@link io.tidemark.bench.trial.FigureFile}, line by line, so
 * that they outlive a process that is killed.
 */
package io.tidemark.bench.trial;
