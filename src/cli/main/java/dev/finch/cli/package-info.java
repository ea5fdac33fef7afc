/** The command line: one-shot questions, the REPL and the commands around them. */
@NullMarked
package dev.finch.cli;

import org.jspecify.annotations.NullMarked;
