/** What every byte from a network passes before a parser sees it. */
@NullMarked
package dev.finch.network;

import org.jspecify.annotations.NullMarked;
