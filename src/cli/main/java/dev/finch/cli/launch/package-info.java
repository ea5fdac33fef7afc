/**
 * What a run is given and begins with: arguments, the texts that they name, settings, the log, the
 * runtime.
 */
@NullMarked
package dev.finch.cli.launch;

import org.jspecify.annotations.NullMarked;
