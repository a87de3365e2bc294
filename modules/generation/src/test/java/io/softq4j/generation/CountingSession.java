package io.softq4j.generation;

/** Counts the tokens that another session reads. */
final class CountingSession implements DecodingSession {

    private final DecodingSession session;
    private int fed;

    CountingSession(DecodingSession session) {
        this.session = session;
    }

    int fed() {
        return fed;
    }

    @Override
    public void feed(int row, int token) {
        fed++;
        session.feed(row, token);
    }

    @Override
    public int rows() {
        return session.rows();
    }

    @Override
    public int vocabulary() {
        return session.vocabulary();
    }

    @Override
    public int capacity() {
        return session.capacity();
    }

    @Override
    public void requireRoom(String name, int[] prompt) {
        session.requireRoom(name, prompt);
    }

    @Override
    public int[] start(int row, int[] prompt) {
        return session.start(row, prompt);
    }

    @Override
    public int length(int row) {
        return session.length(row);
    }

    @Override
    public void step() {
        session.step();
    }

    @Override
    public void logits(int row, float[] into) {
        session.logits(row, into);
    }

    @Override
    public double logSumExp(int row) {
        return session.logSumExp(row);
    }

    @Override
    public double entropy(int row) {
        return session.entropy(row);
    }

    @Override
    public void copy(int from, int to) {
        session.copy(from, to);
    }

    @Override
    public void close() {
        session.close();
    }
}
