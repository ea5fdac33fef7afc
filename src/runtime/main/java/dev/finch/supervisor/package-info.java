/** The life of the models: selecting, fetching, loading, serving, swapping, recovering. */
@NullMarked
package dev.finch.supervisor;

import org.jspecify.annotations.NullMarked;
