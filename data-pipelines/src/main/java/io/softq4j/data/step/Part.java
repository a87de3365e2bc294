package io.softq4j.data.step;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What examples are for; a token store each. */
public enum Part {
    TRAIN, VALIDATION, TEST;

    /** The name of its directory. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Part of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(Part::key).toList();
    }
}
