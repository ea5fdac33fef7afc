package dev.finch.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The terms under which a model's weights may be used.
 *
 * @param id the identifier that a user accepts, for example {@code qwen-research}
 * @param name the licence's name for people
 * @param free whether it may be used without the user's consent (Apache-2.0, MIT and the like)
 * @param url where its text stands, empty where unknown
 */
public record License(String id, String name, boolean free, Optional<String> url) {
  public License {
    requireNonNull(id, "id");
    requireNonNull(name, "name");
  }
}
