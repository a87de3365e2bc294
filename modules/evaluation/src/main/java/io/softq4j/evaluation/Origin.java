package io.softq4j.evaluation;

import java.util.Objects;

/**
 * What something was read from.
 *
 * @param path   as it was called
 * @param sha256 of its content
 */
public record Origin(String path, String sha256) {

    public Origin {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sha256, "sha256");
    }
}
