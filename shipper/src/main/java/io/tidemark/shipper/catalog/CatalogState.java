package io.tidemark.shipper.catalog;

/**
 * What a tier catalog knows beside its rows.
 *
 * @param listedFrom every segment whose first LSN lies below is known from a listing; -1 before the first one
 * @param promotions segments that came nearer, ever
 * @param demotions segments that went farther, ever
 */
public record CatalogState(long listedFrom, long promotions, long demotions) {
    public static final CatalogState EMPTY = new CatalogState(-1, 0, 0);

    public CatalogState moved(long up, long down) {
        return new CatalogState(listedFrom, promotions + up, demotions + down);
    }

    public CatalogState listed(long from) {
        return new CatalogState(Math.max(listedFrom, from), promotions, demotions);
    }
}
