"""Alternatives that a site could use instead, one scorer per module, each with the defaults of its library.

All have the function ``lists(articles, query_ids, k)``. They read title, line end and body of an article unchanged,
order by (-score, article id) and leave out the article itself. `registry` names them.
"""
