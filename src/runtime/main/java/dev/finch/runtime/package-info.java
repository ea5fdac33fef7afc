/** The runtime that a service embeds: Finch's actors, started in their own or a host's system. */
@NullMarked
package dev.finch.runtime;

import org.jspecify.annotations.NullMarked;
