"""What a site could run today instead: one scorer a file, each the way its library is used by default.

All of them are asked alike, ``lists(articles, query_ids, k)``, read title, line end and body of an article as they are,
order by (-score, article id) and leave the article itself out. `registry` names them.
"""
