package io.softq4j.common;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Mistakes of the user's that are found before long work begins, so that one run reports all of them. */
public final class Mistakes {

    private final Set<String> messages = new LinkedHashSet<>();

    /** Keeps a mistake; the same one counts once. */
    public void add(String message) {
        messages.add(message);
    }

    /** Keeps what {@code check} refuses. */
    public void check(Runnable check) {
        try {
            check.run();
        } catch (UserError e) {
            add(Objects.requireNonNull(e.getMessage()));
        }
    }

    /** What was kept, in its order. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** @throws UserError with all of them, one per line, if there are any */
    public void refuse() {
        if (messages.size() == 1) {
            throw new UserError(messages.iterator().next());
        }
        if (!messages.isEmpty()) {
            throw new UserError(messages.size() + " mistakes:\n  " + String.join("\n  ", messages));
        }
    }
}
