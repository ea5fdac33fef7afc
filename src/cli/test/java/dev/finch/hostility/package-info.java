/**
 * Everything hostile at once against a real {@code finch serve}, beside clients that are honest.
 */
@org.jspecify.annotations.NullMarked
package dev.finch.hostility;
