/** Which way a prompt goes, who carries its answer, and what leaves this machine for it. */
@NullMarked
package dev.finch.routing;

import org.jspecify.annotations.NullMarked;
