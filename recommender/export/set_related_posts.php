<?php
// Related posts, written by recommender. Run it with: wp eval-file FILE
// It sets the meta field _related_posts of each post to the ids of its related posts, in order.
// A post whose list is the same is not written. Nothing below is run from the names of posts: they are data.
if ( ! defined( 'WP_CLI' ) || ! WP_CLI ) {
	exit( 1 );
}

$data = json_decode( <<<'RECOMMENDER'
%DATA%
RECOMMENDER
, true );

global $wpdb;
$known = array();

// Return the id of the post that a number, an address, a guid or a slug names, or 0.
$find = function ( $name ) use ( &$known, $wpdb ) {
	if ( ! isset( $known[ $name ] ) ) {
		$id = ctype_digit( $name ) ? (int) $name : url_to_postid( $name );
		if ( ! $id ) {
			$id = (int) $wpdb->get_var( $wpdb->prepare(
				"SELECT ID FROM {$wpdb->posts} WHERE guid = %s AND post_type NOT IN ('revision', 'attachment') LIMIT 1",
				$name
			) );
		}
		if ( ! $id ) {
			$slug = basename( (string) wp_parse_url( $name, PHP_URL_PATH ) );
			$post = '' === $slug ? null : get_page_by_path( $slug, OBJECT, array_values( get_post_types( array( 'public' => true ) ) ) );
			$id   = $post ? $post->ID : 0;
		}
		$known[ $name ] = $id && get_post( $id ) ? $id : 0;
	}
	return $known[ $name ];
};

$changed = 0;
$missing = 0;
$listed  = array();

foreach ( $data['lists'] as $list ) {
	$post = $find( $list[0] );
	if ( ! $post ) {
		++$missing;
		continue;
	}
	$listed[ $post ] = true;
	$ids             = array_values( array_filter( array_map( $find, $list[1] ) ) );
	if ( $ids ? update_post_meta( $post, '_related_posts', $ids ) : delete_post_meta( $post, '_related_posts' ) ) {
		++$changed;
	}
}

$gone = array_filter( array_map( $find, $data['deleted'] ) );
if ( $data['complete'] ) {
	$gone = $wpdb->get_col( "SELECT post_id FROM {$wpdb->postmeta} WHERE meta_key = '_related_posts'" );
}
foreach ( $gone as $post ) {
	if ( ! isset( $listed[ $post ] ) && delete_post_meta( $post, '_related_posts' ) ) {
		++$changed;
	}
}

if ( $missing ) {
	WP_CLI::warning( "$missing posts of the lists are not on this site" );
}
WP_CLI::success( "the lists of $changed posts changed" );
