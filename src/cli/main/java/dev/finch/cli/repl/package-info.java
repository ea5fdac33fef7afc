/** The prompt: lines that are read, and the conversation that they make. */
@NullMarked
package dev.finch.cli.repl;

import org.jspecify.annotations.NullMarked;
