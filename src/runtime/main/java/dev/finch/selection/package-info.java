/** Which model this machine gets: what was measured, what is known, and what fits. */
@NullMarked
package dev.finch.selection;

import org.jspecify.annotations.NullMarked;
