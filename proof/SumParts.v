(* More facts about sums: parts of them, and terms in another order. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Integers.
Import ListNotations.
Open Scope Z_scope.

(* A sum of zeros. *)
Lemma bigsum_zero m f : (forall k, (k < m)%nat -> f k = 0) -> bigsum m f = 0.
Proof. intro H. induction m; [reflexivity |]. rewrite bigsum_S, IHm, H; auto. Qed.

(* The sum of sums. *)
Lemma bigsum_add m f g : bigsum m (fun k => f k + g k) = bigsum m f + bigsum m g.
Proof. induction m; [reflexivity |]. rewrite !bigsum_S, IHm. ring. Qed.

(* A sum in two parts. *)
Lemma bigsum_split p q f : bigsum (p + q) f = bigsum p f + bigsum q (fun k => f (p + k)%nat).
Proof.
  induction q; [rewrite Nat.add_0_r; change (bigsum 0 _) with 0; lia |].
  rewrite Nat.add_succ_r, !bigsum_S, IHq. lia.
Qed.

(* Terms beyond those that are not 0 do not count. *)
Lemma bigsum_less m m' f : (m <= m')%nat -> (forall k, (m <= k < m')%nat -> f k = 0) ->
  bigsum m' f = bigsum m f.
Proof.
  intros L H. replace m' with (m + (m' - m))%nat by lia. rewrite bigsum_split.
  rewrite (bigsum_zero (m' - m)); [lia |]. intros k K. apply H. lia.
Qed.

(* The last term first. *)
Lemma bigsum_rev m f : bigsum m f = bigsum m (fun k => f (m - S k)%nat).
Proof.
  induction m as [| m IH]; [reflexivity |].
  rewrite bigsum_S, IH. change (S m) with (1 + m)%nat at 1. rewrite bigsum_split.
  assert (F : bigsum 1 (fun k => f (S m - S k)%nat) = f m)
    by (unfold bigsum; cbn [seq map zsum]; rewrite Z.add_0_r; f_equal; lia).
  rewrite F, Z.add_comm. reflexivity.
Qed.

(* The terms of a sum that are in a window of m up to t. *)
Lemma bigsum_window n m t f : (m <= t < n)%nat ->
  bigsum n (fun s => if (s <=? t)%nat && (t - s <? m)%nat then f s else 0) =
    bigsum m (fun r => f (t - m + S r)%nat).
Proof.
  intros M. replace n with (S (t - m) + (m + (n - S t)))%nat by lia.
  rewrite !bigsum_split.
  rewrite bigsum_zero, (bigsum_zero (n - S t)).
  - rewrite Z.add_0_l, Z.add_0_r. apply bigsum_ext. intros r R.
    rewrite (proj2 (Nat.leb_le _ _)), (proj2 (Nat.ltb_lt _ _)) by lia.
    cbn [andb]. f_equal. lia.
  - intros k K. rewrite (proj2 (Nat.leb_gt _ _)) by lia. reflexivity.
  - intros k K. rewrite (proj2 (Nat.ltb_ge _ _)) by lia. now rewrite Bool.andb_false_r.
Qed.

(* A sum over lags is one over positions: nothing is beyond m lags, or before the first position. *)
Lemma bigsum_lags m t f : (forall k, (m <= k <= t)%nat -> f k = 0) ->
  bigsum m (fun k => if (k <=? t)%nat then f k else 0) = bigsum (S t) (fun s => f (t - s)%nat).
Proof.
  intro H. rewrite (bigsum_rev (S t)).
  transitivity (bigsum (S t) f).
  - destruct (Nat.le_ge_cases m (S t)) as [L | L].
    + rewrite (bigsum_less m (S t) f) by (auto; intros; apply H; lia).
      apply bigsum_ext. intros k K. now rewrite (proj2 (Nat.leb_le _ _)) by lia.
    + rewrite (bigsum_less (S t) m) 
        by (auto; intros k K; now rewrite (proj2 (Nat.leb_gt _ _)) by lia).
      apply bigsum_ext. intros k K. now rewrite (proj2 (Nat.leb_le _ _)) by lia.
  - apply bigsum_ext. intros k K. f_equal. lia.
Qed.
