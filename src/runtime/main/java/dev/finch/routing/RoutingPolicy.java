package dev.finch.routing;

/** What to prefer for prompts whose privacy leaves the choice open. */
public enum RoutingPolicy {
  /** The local model where it can answer, Claude otherwise. */
  LOCAL_FIRST,
  /** Claude where it can answer, the local model otherwise. */
  CLOUD_FIRST,
  /** Every prompt is treated as {@link dev.finch.inference.Privacy#LOCAL_ONLY}. */
  LOCAL_ONLY,
  /** No prompt goes to the local model, save those that may not leave this machine. */
  CLOUD_ONLY
}
