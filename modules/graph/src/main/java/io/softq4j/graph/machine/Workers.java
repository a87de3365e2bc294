package io.softq4j.graph.machine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The threads that kernels run on: the caller's and, waiting in a team, one less than there are cores. Work comes in numbered pieces; which
 * thread takes a piece varies from run to run, so a piece must not depend on it, and what is reduced is reduced in the order of the pieces.
 *
 * <p>One caller at a time has the team. Another that comes meanwhile, with a second plan in the same JVM, does its pieces alone, to the
 * same result.
 */
public final class Workers {

    /** As ND4J: {@code OMP_NUM_THREADS}, else all processors. */
    public static final int THREADS = threads();

    /** Turns a member waits for the next job before it sleeps: about 20 microseconds, longer than a plan takes from one op to the next. */
    private static final int SPINS = 2000;

    private static final ReentrantLock TEAM = new ReentrantLock();
    private static final Member[] MEMBERS = new Member[THREADS - 1];

    /** One numbered part of a kernel's work. */
    @FunctionalInterface
    public interface Piece {
        void run(int index);
    }

    /** Part of a kernel's rows. */
    @FunctionalInterface
    public interface Rows {
        /** Handles rows {@code from} to {@code to} (exclusive) as the {@code index}-th piece. */
        void run(int index, int from, int to);
    }

    /** What the team works on. */
    private static final class Job {
        private final Piece piece;
        private final int pieces;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger busy;
        private volatile Throwable failure;

        Job(Piece piece, int pieces, int members) {
            this.piece = piece;
            this.pieces = pieces;
            this.busy = new AtomicInteger(members);
        }

        void work() {
            try {
                for (int i = next.getAndIncrement(); i < pieces; i = next.getAndIncrement()) {
                    piece.run(i);
                }
            } catch (Throwable e) {
                failure = e;
                next.set(pieces);
            }
        }
    }

    private static final class Member extends Thread {

        private volatile Job job;

        Member(int number) {
            super("softq4j-worker-" + number);
            setDaemon(true);
        }

        void give(Job work) {
            job = work;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            OpenMp.alone();
            while (true) {
                int spins = 0;
                while (job == null) {
                    if (spins++ < SPINS) {
                        Thread.onSpinWait();
                    } else {
                        LockSupport.park(this);
                    }
                }
                Job work = job;
                job = null;
                work.work();
                work.busy.decrementAndGet();
            }
        }
    }

    /** Products of a worker must not start threads of their own; the setting is each thread's own. */
    private static final class OpenMp {

        private static final NativeOps NATIVE = load();

        /** ND4J first as a whole: its native library alone does not start. */
        private static NativeOps load() {
            Nd4j.getEnvironment();
            return NativeOpsHolder.getInstance().getDeviceNativeOps();
        }

        static void alone() {
            NATIVE.setOmpNumThreads(1);
        }

        static void together() {
            NATIVE.setOmpNumThreads(THREADS);
        }
    }

    private Workers() {
    }

    private static int threads() {
        String omp = System.getenv("OMP_NUM_THREADS");
        return omp != null && omp.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(omp) : Runtime.getRuntime().availableProcessors();
    }

    /**
     * Calls {@code piece} once with each of {@code 0 .. pieces-1}; returns when all are done.
     *
     * @throws RuntimeException what a piece threw; others may not have been called then
     */
    public static void forEach(int pieces, Piece piece) {
        if (TEAM.isHeldByCurrentThread()) {
            throw new IllegalStateException("a piece cannot be split again");
        }
        OpenMp.alone();
        try {
            int members = Math.min(MEMBERS.length, pieces - 1);
            if (members < 1 || !TEAM.tryLock()) {
                for (int i = 0; i < pieces; i++) {
                    piece.run(i);
                }
                return;
            }
            try {
                together(new Job(piece, pieces, members), members);
            } finally {
                TEAM.unlock();
            }
        } finally {
            OpenMp.together();
        }
    }

    private static void together(Job job, int members) {
        for (int m = 0; m < members; m++) {
            if (MEMBERS[m] == null) {
                MEMBERS[m] = new Member(m + 1);
                MEMBERS[m].start();
            }
            MEMBERS[m].give(job);
        }
        job.work();
        for (int spins = 0; job.busy.get() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        if (job.failure instanceof Error error) {
            throw error;
        }
        if (job.failure != null) {
            throw (RuntimeException) job.failure;
        }
    }

    /** Below this many elements a second thread costs more than it brings. */
    private static final long WORTH_SPLITTING = 1 << 14;

    /** How many pieces {@link #rows} makes: by the extent and the number of threads alone. */
    public static int pieces(int rows, int width) {
        return (long) rows * width < WORTH_SPLITTING ? 1 : Math.max(1, Math.min(2 * THREADS, rows));
    }

    /** Splits rows of {@code width} elements into {@link #pieces} of about the same size. */
    public static void rows(int rows, int width, Rows work) {
        int pieces = pieces(rows, width);
        forEach(pieces, i -> work.run(i, (int) ((long) rows * i / pieces), (int) ((long) rows * (i + 1) / pieces)));
    }
}
