(* Facts about lists: weighted sums of literals; and gates in order, with their values and levels,
   one gate or one list after another. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit.
Import ListNotations.

(* ---- weighted sums ---- *)

(* Weighted sums of two lists, one after the other. *)
Lemma wsum_app {A} (f : A -> bool) a b : wsum f (a ++ b) = (wsum f a + wsum f b)%Z.
Proof. induction a as [| [w x] a IH]; simpl; rewrite ?IH; lia. Qed.

(* Weighted sums agree if their literals do, under a renaming h. *)
Lemma wsum_ext {A B} (f : A -> bool) (g : B -> bool) (h : A -> B) ws :
  (forall w, In w ws -> f (snd w) = g (h (snd w))) ->
    wsum f ws = wsum g (map (fun w => (fst w, h (snd w))) ws).
Proof.
  induction ws as [| [w a] ws IH]; simpl; auto. intro H.
  rewrite IH; [| intros; apply H; auto].
  pose proof (H (w, a) (or_introl eq_refl)) as E. simpl in E.
  now rewrite E.
Qed.

(* ---- what gates add ---- *)

(* What f gives for the gates gs, one after the other, where vs is there before: f is the value of
   a gate, or its level. *)
Section After.
  Context {A : Type} (f : list A -> fgate -> A).
  Fixpoint after (vs : list A) (gs : list fgate) : list A :=
    match gs with [] => [] | g :: r => f vs g :: after (vs ++ [f vs g]) r end.

  (* They are what is appended. *)
  Lemma after_fold gs : forall vs,
    fold_left (fun vs g => vs ++ [f vs g]) gs vs = vs ++ after vs gs.
  Proof.
    induction gs; intro vs; simpl; [now rewrite app_nil_r |].
    now rewrite IHgs, <- app_assoc.
  Qed.

  (* There are as many as gates. *)
  Lemma after_length gs : forall vs, length (after vs gs) = length gs.
  Proof. induction gs; simpl; auto. Qed.

  (* Two lists of gates, one after the other. *)
  Lemma after_app gs hs : forall vs,
    after vs (gs ++ hs) = after vs gs ++ after (vs ++ after vs gs) hs.
  Proof.
    induction gs; intro vs; simpl; [now rewrite app_nil_r |].
    now rewrite IHgs, <- app_assoc.
  Qed.
End After.

(* The values of all gates. *)
Lemma run_after x gs : run x gs = after (gval x) [] gs.
Proof. unfold run. now rewrite after_fold. Qed.

(* The levels of all gates. *)
Lemma levels_after gs : levels gs = after glev [] gs.
Proof. unfold levels. now rewrite after_fold. Qed.

(* The values of two lists of gates. *)
Lemma run_app x gs hs : run x (gs ++ hs) = run x gs ++ after (gval x) (run x gs) hs.
Proof. now rewrite !run_after, after_app. Qed.

(* The levels of two lists of gates. *)
Lemma levels_app gs hs : levels (gs ++ hs) = levels gs ++ after glev (levels gs) hs.
Proof. now rewrite !levels_after, after_app. Qed.

(* There are as many values as gates. *)
Lemma run_length x gs : length (run x gs) = length gs.
Proof. rewrite run_after. apply after_length. Qed.

(* There are as many levels as gates. *)
Lemma levels_length gs : length (levels gs) = length gs.
Proof. rewrite levels_after. apply after_length. Qed.

(* The values and the levels with one gate more. *)
Lemma run_snoc x gs g : run x (gs ++ [g]) = run x gs ++ [gval x (run x gs) g].
Proof. unfold run. now rewrite fold_left_app. Qed.
Lemma levels_snoc gs g : levels (gs ++ [g]) = levels gs ++ [glev (levels gs) g].
Proof. unfold levels. now rewrite fold_left_app. Qed.

(* An element of the second of two lists. *)
Lemma nth_second {A} (l r : list A) z k m : length l = k -> nth (k + m) (l ++ r) z = nth m r z.
Proof. intros <-. rewrite app_nth2 by lia. f_equal. lia. Qed.

(* The last element. *)
Lemma nth_final {A} (l : list A) a z k : length l = k -> nth k (l ++ [a]) z = a.
Proof. intros <-. rewrite app_nth2, Nat.sub_diag; auto. Qed.

(* ---- order ---- *)

(* Each gate reads inputs and earlier gates only. *)
Definition ordered (ni : nat) (gs : list fgate) : Prop :=
  forall k g, nth_error gs k = Some g -> Forall (ref_ok ni k) (gargs g).

(* Gates that read what is there may be appended. *)
Lemma ordered_app ni gs hs : ordered ni gs ->
  (forall j g, nth_error hs j = Some g -> Forall (ref_ok ni (length gs + j)) (gargs g)) ->
  ordered ni (gs ++ hs).
Proof.
  intros O H k g K. destruct (Nat.lt_ge_cases k (length gs)) as [L | L].
  - rewrite nth_error_app1 in K by auto. eauto.
  - rewrite nth_error_app2 in K by auto. specialize (H _ _ K).
    now replace (length gs + (k - length gs)) with k in H by lia.
Qed.

(* A wire may be read later, too. *)
Lemma ref_later ni k m r : ref_ok ni k r -> k <= m -> ref_ok ni m r.
Proof. destruct r; simpl; lia. Qed.

(* Such a list without its last gate, and that gate. *)
Lemma ordered_snoc ni gs g :
  ordered ni (gs ++ [g]) <-> ordered ni gs /\ Forall (ref_ok ni (length gs)) (gargs g).
Proof.
  split.
  - intro O. split; [intros k h E; apply O; rewrite nth_error_app1; auto |].
    + apply nth_error_Some. congruence.
    + apply O. rewrite nth_error_app2, Nat.sub_diag; auto.
  - intros [O R] k h E. destruct (lt_dec k (length gs)).
    + apply O. now rewrite nth_error_app1 in E.
    + rewrite nth_error_app2 in E by lia. destruct (k - length gs) as [| q] eqn:Q.
      * injection E as <-. now replace k with (length gs) by lia.
      * destruct q; discriminate E.
Qed.

(* A literal that is read among earlier gates keeps its value when gates are added. *)
Lemma lval_app ni x vs us l : ref_ok ni (length vs) (snd l) -> lval x (vs ++ us) l = lval x vs l.
Proof. unfold lval. destruct l as [b [i | g]]; simpl; auto. intro. now rewrite app_nth1. Qed.
