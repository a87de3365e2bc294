package io.softq4j.training.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/** The JSON of this package: unknown keys are refused, and a double is written so that it reads back as the same double. */
public final class Json {

    public static final ObjectMapper MAPPER = io.softq4j.common.Json.STRICT;
    static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

    private Json() {
    }
}
