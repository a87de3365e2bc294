package io.softq4j.cli.quickstart;

import io.softq4j.evaluation.Task;
import java.util.Map;

/** A walk is right if it takes the steps its prompt asks for, in whatever order. */
public final class WalkTask implements Task {

    @Override
    public String name() {
        return "walk";
    }

    @Override
    public boolean correct(Map<String, String> fields, String response) {
        return Walk.isRight(fields.get("prompt"), response);
    }
}
