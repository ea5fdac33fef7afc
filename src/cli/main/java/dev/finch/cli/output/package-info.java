/** Answers, reports, progress and failures, as people and programs read them. */
@NullMarked
package dev.finch.cli.output;

import org.jspecify.annotations.NullMarked;
