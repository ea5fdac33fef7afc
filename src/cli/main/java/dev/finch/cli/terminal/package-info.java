/** What a terminal is told and what it tells: the only package that writes to one. */
@NullMarked
package dev.finch.cli.terminal;

import org.jspecify.annotations.NullMarked;
