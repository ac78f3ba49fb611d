/**
 * Commands about histories that need no cluster: {@code check}, {@code export}, {@code report}, {@code ledger}.
 *
 * <p>Each is a picocli command that can stand under another; {@link io.tidemark.jepsen.command.Main} has all of them. Exit
 * codes: 0 done (of {@code check}: valid), 1 failed (of {@code check}: invalid or unknown), 2 wrong usage, among which is a
 * file that is no history.
 */
package io.tidemark.jepsen.command;
