/**
 * The command line. Here stands where a process begins, and the run that is kept for the next
 * start; all else stands in the packages below.
 */
@NullMarked
package dev.finch.cli;

import org.jspecify.annotations.NullMarked;
