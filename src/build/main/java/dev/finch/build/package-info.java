/** What the build itself runs. */
@NullMarked
package dev.finch.build;

import org.jspecify.annotations.NullMarked;
