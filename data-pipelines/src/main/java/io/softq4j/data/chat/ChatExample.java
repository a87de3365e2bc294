package io.softq4j.data.chat;

import io.softq4j.tokens.Segment;
import java.util.List;

/**
 * A conversation as it is trained on.
 *
 * @param segments  scored and unscored by turns, none empty, at least one scored
 * @param appendEos whether the caller adds EOS, scored: the template writes no token that ends a turn, so the model would not learn to stop
 */
public record ChatExample(List<Segment> segments, boolean appendEos) {

    public ChatExample {
        segments = List.copyOf(segments);
        if (segments.stream().noneMatch(Segment::scored) || segments.stream().anyMatch(segment -> segment.text().isEmpty())) {
            throw new IllegalArgumentException("expected a scored segment, and text in each of the " + segments.size());
        }
    }
}
