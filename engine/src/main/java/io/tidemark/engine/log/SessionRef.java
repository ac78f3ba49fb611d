package io.tidemark.engine.log;

/**
 * Who asks, so that a retry is recognised (rule E9).
 *
 * @param session id of the session: the version of the command that opened it
 * @param sequence number of the request within the session, from 1, given out by the client in any order of arrival
 * @param repliedThrough the client has the replies of all sequences up to this one and will not ask for them again
 */
public record SessionRef(Version session, long sequence, long repliedThrough) {}
