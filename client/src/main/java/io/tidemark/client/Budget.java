package io.tidemark.client;

import io.tidemark.client.TidemarkClientException.Kind;

/**
 * Bounds what is in flight. A caller past the bound waits; a thread of the client itself never does, since it is the one
 * that brings the answers that others wait for. Thread-safe.
 */
final class Budget {
    private final int requestsMax;
    private final long bytesMax;
    private int requests;
    private long bytes;
    private boolean closed;

    Budget(int requestsMax, long bytesMax) {
        this.requestsMax = requestsMax;
        this.bytesMax = bytesMax;
    }

    /** Waits until there is room, or the client is closed. A request larger than the whole bound is let in alone. */
    synchronized void acquire(long size) {
        while (!closed && !hasRoom(size) && !(Thread.currentThread() instanceof ClientThread)) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TidemarkClientException(
                        Kind.RETRY, "interrupted while waiting for room among " + requests + " requests in flight", e);
            }
        }
        if (closed) {
            throw closedException();
        }
        requests++;
        bytes += size;
    }

    synchronized void release(long size) {
        requests--;
        bytes -= size;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    static TidemarkClientException closedException() {
        return new TidemarkClientException(Kind.UNAVAILABLE, "this client is closed");
    }

    private boolean hasRoom(long size) {
        return requests == 0 || requests < requestsMax && bytes + size <= bytesMax;
    }

    /** A thread that serves this client's connections and timers. */
    static final class ClientThread extends Thread {
        ClientThread(Runnable work, String name) {
            super(work, name);
            setDaemon(true);
        }
    }
}
