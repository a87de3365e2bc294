package io.softq4j.common;

/** The process that this one works for: once it has ended, nobody reads what this one computes. */
public final class Parent {

    private static final int MILLISECONDS_BETWEEN_LOOKS = 500;

    /** As of a process that was terminated. */
    private static final int TERMINATED = 143;

    private Parent() {
    }

    /**
     * Ends this process within a second after that one, however it ends, also by SIGKILL, and whatever this one is doing.
     *
     * @param pid of a process that may have ended already
     */
    public static void endWith(long pid) {
        ProcessHandle parent = ProcessHandle.of(pid).orElse(null);
        Thread watch = new Thread(() -> {
            while (parent != null && parent.isAlive()) {
                try {
                    Thread.sleep(MILLISECONDS_BETWEEN_LOOKS);
                } catch (InterruptedException e) {
                    return; // nobody has this thread
                }
            }
            Runtime.getRuntime().halt(TERMINATED);
        }, "softq parent");
        watch.setDaemon(true);
        watch.start();
    }
}
