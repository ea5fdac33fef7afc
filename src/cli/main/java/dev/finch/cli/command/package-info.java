/** The commands, and which of them the arguments mean. */
@NullMarked
package dev.finch.cli.command;

import org.jspecify.annotations.NullMarked;
