/** How models write that they want tools called, and what is read out of it while it comes. */
@NullMarked
package dev.finch.engine.calls;

import org.jspecify.annotations.NullMarked;
