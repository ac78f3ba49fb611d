/**
 * The command line: one small class per command, which reads options, calls the package that does the work and prints
 * the outcome. Results go to standard output, progress and complaints to standard error. With {@code --json} standard
 * output holds one JSON document and nothing else.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage. A message says what happened and what to do.
 */
package io.tidemark.daemon.cli;
